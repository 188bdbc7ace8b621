import { play } from '../play.ts';
import { findCurl } from './curl.ts';

play(import.meta.dirname, findCurl());
