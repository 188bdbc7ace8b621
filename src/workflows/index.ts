export { attendee } from './attendee.ts';
export { cohort } from './cohort.ts';
export { reaper } from './reaper.ts';
export { teardown } from './teardown.ts';
export { workshop } from './workshop.ts';
