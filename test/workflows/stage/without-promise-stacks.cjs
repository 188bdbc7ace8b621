'use strict';
// The SDK notes a stack trace for each promise of a workflow, for whoever asks in Temporal where it waits. In tests
// nobody asks, and the traces cost more than the workflows themselves.
require('node:v8').promiseHooks.createHook = () => () => {};
