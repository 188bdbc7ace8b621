/** So many are in a page when nobody says how many: what a real workspace does is not known. */
export const USUAL_PAGE = 20;
export const LARGEST_PAGE = 1_000;
