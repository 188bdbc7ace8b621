'use strict';
// What the SDK does around each step of a workflow, and a rehearsal of thousands and tests do without, as it costs more
// than the workflows do (docs/facts/temporal.md section 9).
//
// It notes a stack trace for each promise of a workflow, for whoever asks in Temporal where it waits.
require('node:v8').promiseHooks.createHook = () => () => {};

// It starts a thread for each call into a workflow, which ends the call after five seconds. Whoever started the rehearsal
// or the test is there to end it. Workflows run in threads of their own; what the product itself bounds in the main
// thread stays bounded.
const { isMainThread } = require('node:worker_threads');
if (!isMainThread) {
  const { Script } = require('node:vm');
  const call = Reflect.get(Script.prototype, 'runInContext');
  Script.prototype.runInContext = function withoutWatchdog(context, options) {
    const { timeout: _, ...rest } = options ?? {};
    return call.call(this, context, rest);
  };
}
