import { whatIsWrong, type Seat } from '../seat/seat.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What a person who has a seat under two addresses is told, and whoever helps them. */
const sameAsWords = ({ person }: Pick<Seat, 'person'>): Pick<Diagnosis, 'cause' | 'toDo'> | undefined =>
  person?.sameAs === undefined
    ? undefined
    : {
        cause: `This is the user ${person.userName} of the workspace, who has a seat as ${person.sameAs}.`,
        toDo: 'One person, one cluster: nothing to do. Where another person is meant, enrol their own address.',
      };

/** Of somebody who was removed nothing else counts. */
const takenOutWords = ({ by, left }: NonNullable<Seat['takenOut']>): Pick<Diagnosis, 'cause' | 'toDo'> => ({
  cause: `Removed by ${by}.${left === undefined ? '' : ` Their cluster is still there: ${left}`}`,
  toDo: left === undefined ? 'Nothing to do.' : 'It goes with everything else at the end.',
});

const STUCK: Pick<Diagnosis, 'cause' | 'toDo'> = {
  cause: "Nothing is done for this person: the worker's code cannot go on with their workflow.",
  toDo:
    'See its error in the Temporal UI. With code that can, it goes on by itself; terminated there, it is started ' +
    'again from what was last known.',
};

/** All that is to be said about a seat, the worst first. */
export const whatToSay = (seat: Seat): readonly Pick<Diagnosis, 'cause' | 'toDo'>[] => {
  if (seat.takenOut) return [takenOutWords(seat.takenOut)];
  return [
    seat.stuck && STUCK,
    whatIsWrong(seat),
    sameAsWords(seat),
    seat.letterTrouble && {
      cause: `The letter could not be written: ${seat.letterTrouble.cause}`,
      toDo: seat.letterTrouble.toDo,
    },
  ].filter((said) => said !== undefined && said !== false);
};
