/** Where the pages listen unless told otherwise. */
export const WEB_PORT = 8420;
