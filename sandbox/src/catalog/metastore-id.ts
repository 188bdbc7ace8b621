/** The one metastore that the workspace is assigned to. */
export const METASTORE_ID = '5a9db0b5-0000-4000-8000-000000000001';
