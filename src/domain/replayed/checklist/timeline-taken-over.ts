import type { Timeline } from '../time/timeline.ts';

/**
 * The moments in force after a lifecycle is taken over: as they were moved since it began, unless the plan's file says
 * something else by now than it said then. Instants in epoch milliseconds.
 * @param began what the earlier lifecycle began with; undefined where that is not known
 * @param moved what it went by last, if its moments were moved
 */
export function timelineTakenOver(began: Timeline | undefined, moved: Timeline | undefined, file: Timeline): Timeline {
  if (began === undefined || moved === undefined) return file;
  // Whoever moves the start is told to write it into the file as well.
  const isStartKept = file.start === began.start || file.start === moved.start;
  return isStartKept && lengthOf(file) === lengthOf(began) && graceOf(file) === graceOf(began) ? moved : file;
}

const lengthOf = ({ start, end }: Timeline): number => end - start;
const graceOf = ({ end, teardown }: Timeline): number => teardown - end;
