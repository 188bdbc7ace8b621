/** Where the routes of Unity Catalog begin. */
export const CATALOG_ROOT = '/api/2.1/unity-catalog';
