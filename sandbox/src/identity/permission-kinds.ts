/**
 * The kinds of object that have an access control list here: how answers and messages call them, and their levels
 * from lowest to highest. `manage` is what admins always have and what it takes to see and change the list
 * (docs/facts/databricks.md sections 4 and 8, docs/facts/databricks-workspace.md section 9, docs/facts/apps.md
 * section 1.4).
 */
const KINDS = {
  clusters: {
    objectType: 'cluster',
    label: 'cluster',
    levels: ['CAN_ATTACH_TO', 'CAN_RESTART', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  'instance-pools': {
    objectType: 'instance-pool',
    label: 'instance pool',
    levels: ['CAN_ATTACH_TO', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  'cluster-policies': { objectType: 'cluster-policy', label: 'cluster policy', levels: ['CAN_USE'], manage: 'CAN_USE' },
  'serving-endpoints': {
    objectType: 'serving-endpoint',
    label: 'serving endpoint',
    levels: ['CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  apps: { objectType: 'apps', label: 'app', levels: ['CAN_USE', 'CAN_MANAGE'], manage: 'CAN_MANAGE' },
  jobs: {
    objectType: 'job',
    label: 'job',
    levels: ['CAN_VIEW', 'CAN_MANAGE_RUN', 'CAN_MANAGE', 'IS_OWNER'],
    manage: 'CAN_MANAGE',
  },
  directories: {
    objectType: 'directory',
    label: 'directory',
    levels: ['CAN_READ', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  notebooks: {
    objectType: 'notebook',
    label: 'notebook',
    levels: ['CAN_READ', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  files: {
    objectType: 'file',
    label: 'file',
    levels: ['CAN_READ', 'CAN_RUN', 'CAN_EDIT', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
  authorization: {
    objectType: 'tokens',
    label: 'authorization',
    levels: ['CAN_USE', 'CAN_MANAGE'],
    manage: 'CAN_MANAGE',
  },
} as const;

export type ObjectKind = keyof typeof KINDS;

/** Whether the path segment names a kind of object with permissions. */
export const isObjectKind = (kind: string): kind is ObjectKind => Object.hasOwn(KINDS, kind);

/** Every level of one kind, from lowest to highest. */
export const levelsOf = (kind: ObjectKind): readonly string[] => KINDS[kind].levels;

/** How high a level is; below zero when this kind does not have it. */
export const rankOf = (kind: ObjectKind, level: string): number => levelsOf(kind).indexOf(level);

/** What admins always have, and what it takes to see and change the list. */
export const managingLevelOf = (kind: ObjectKind): string => KINDS[kind].manage;

/** How messages name the kind. */
export const labelOf = (kind: ObjectKind): string => KINDS[kind].label;

/** How answers name the kind. */
export const objectTypeOf = (kind: ObjectKind): string => KINDS[kind].objectType;

/**
 * The level of the one owner that objects of this kind must have; undefined where nobody owns (docs/facts/databricks.md
 * section 4).
 */
export const ownerLevelOf = (kind: ObjectKind): string | undefined => (kind === 'jobs' ? 'IS_OWNER' : undefined);
