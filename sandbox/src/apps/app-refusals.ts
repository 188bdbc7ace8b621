import { ApiError, notFound } from '../http/errors.ts';
import type { App } from './app-model.ts';
import type { AppsLimits } from './apps-world.ts';

/** The errors of the apps API, in the words of docs/facts/apps.md sections 1.3 and 2. */
const badRequest = (message: string): ApiError => new ApiError({ status: 400, errorCode: 'BAD_REQUEST', message });

export const noSuchApp = (name: string): ApiError =>
  notFound(`App with name ${name} does not exist or is deleted.`, 'NOT_FOUND');

export const nameTaken = (name: string): ApiError =>
  new ApiError({
    status: 409,
    errorCode: 'RESOURCE_ALREADY_EXISTS',
    message: `Failed to create app ${name}. An app with the same name already exists.`,
  });

/** @param workspace its id. */
export const tooManyApps = (name: string, workspace: string, { mostApps, appsRefusal }: AppsLimits): ApiError =>
  new ApiError({
    ...appsRefusal,
    message: `Failed to create app ${name}. Workspace ${workspace} has reached the maximum limit of ${mostApps} apps.`,
  });

/** Deleted while it starts, stops or is deleted already. */
export const notTerminal = ({ name, compute }: App): ApiError =>
  badRequest(
    `Cannot delete app ${name} as it is not terminal with state ${compute}, and was updated less than 20 minutes ` +
      'ago. Please wait before trying again.',
  );

/** @param act `start` or `stop`. */
export const wrongState = ({ name, compute }: App, act: string): ApiError =>
  badRequest(`Cannot ${act} app ${name} as it is in ${compute} state.`);

export const notRunning = ({ name, compute }: App): ApiError =>
  badRequest(
    `Cannot deploy app ${name} as it is not in RUNNING state: its compute is ${compute}. Please start the app first.`,
  );

export const deploysAlready = ({ name }: App): ApiError =>
  badRequest(`Cannot deploy app ${name} as there is an active deployment in progress`);
