export { attendee } from './attendee/attendee.ts';
export { cohort } from './cohort/cohort.ts';
export { event } from './event/event.ts';
export { reaper } from './reaper.ts';
export { teardown } from './teardown.ts';
export { workshop } from './workshop/workshop.ts';
export { outbox } from './outbox.ts';
export { room } from './room.ts';
