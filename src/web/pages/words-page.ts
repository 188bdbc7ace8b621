import { html } from 'hono/html';
import { pageOf, type Html } from './document.ts';

/** What is said where there is nothing to show. */
export interface Words {
  readonly heading: string;
  readonly says: readonly string[];
  /** It may be otherwise soon: the page is loaded again by itself. */
  readonly comesBack?: boolean;
}

/** One page of words. */
export const wordsPage = (base: string, { heading, says, comesBack }: Words): Html =>
  pageOf({
    title: heading,
    base,
    look: 'words',
    body: html`<h1>${heading}</h1>
      ${says.map((line) => html`<p>${line}</p>`)} ${comesBack ? html`<p><a href="">Try again</a></p>` : ''}`,
  });

export const NOT_HERE: Words = {
  heading: 'This address opens nothing',
  says: [
    'It may have been cut off when it was copied, it may have been replaced by a newer one, or its workshop is over.',
    'Open the link of your newest letter, or ask those who run the workshop for another.',
  ],
};

export const ROOT: Words = {
  heading: 'The pages of a workshop',
  says: ['Open the link of your letter. Whoever runs the workshop gets theirs with: bin/workshop web links'],
};

export const TOO_MANY: Words = {
  heading: 'Too many requests',
  says: ['So many requests in a moment are not answered. Wait a minute, and load the page again.'],
  comesBack: true,
};

export const SILENT: Words = {
  heading: 'The workshop cannot be asked at the moment',
  says: [
    'Nothing is lost: clusters and work are where they were. Try again in a minute.',
    'Those who run it: see that Temporal and a worker are up (bin/workshop status).',
  ],
  comesBack: true,
};

export const FROM_ELSEWHERE: Words = {
  heading: 'Nothing was done',
  says: ['This came from another page than ours. Open your own page, and press the button there.'],
};

export const NOT_YOURS: Words = {
  heading: 'Nothing was done',
  says: ['This is for those who run the whole workshop. Ask the lead facilitator.'],
};

export const IS_OVER: Words = {
  heading: 'Nothing was done',
  says: ['The workshop is over: nothing can be changed any more.'],
};
