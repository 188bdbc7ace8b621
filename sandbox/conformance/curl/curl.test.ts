import { play } from '../play.ts';
import { findCurl } from './curl.ts';

await play(import.meta.dirname, findCurl());
