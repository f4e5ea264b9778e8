'use strict';
// What the end of a hook makes of a model that fake hook tools wrote to: all that was held back, or nothing of it.

const { storeSecrets } = require('./fake-secret-model.cjs');

exports.endHook = (model, hasSucceeded) => {
  const { secrets: _, reboots = [], ...pending } = model.pending;
  if (hasSucceeded) {
    storeSecrets(model);
    Object.assign(model.stored, pending);
    model.reboots.push(...reboots);
  }
  model.pending = {};
  return model;
};
