import { DefaultFailureConverter } from '@temporalio/common';

/** What went wrong is told in payloads too, where a codec encrypts it: an error's text may name people and machines. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
