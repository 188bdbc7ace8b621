// Makes what is on the page like what it is to be, and leaves alone whatever is the same: who stands on it keeps
// their place, what is open stays open, what was typed stays typed.
import { Idiomorph } from './idiomorph.js';

const ELEMENT = 1;

/** What the page's own reader or script has set, and not the server. */
const isOurs = (element, name) =>
  (name === 'open' && element.matches('details')) ||
  (name === 'disabled' && element.matches('button')) ||
  (name === 'hidden' && element.matches('button[data-copy]')) ||
  (name === 'tabindex' && element === document.activeElement);

/** Somebody writes into it, or has written. */
const isFieldInUse = (field) =>
  field === document.activeElement ||
  (field.matches('input, textarea') && (field.value !== field.defaultValue || field.checked !== field.defaultChecked));

const isField = (node) => node.nodeType === ELEMENT && node.matches('input, textarea, select');
const isInUse = (node) =>
  node.nodeType === ELEMENT && [node, ...node.querySelectorAll('*')].some((one) => isField(one) && isFieldInUse(one));

/** Answers whether something is left there that has no place any more, because somebody writes into it. */
export function morph(there, fresh) {
  let hasLeft = false;
  Idiomorph.morph(there, fresh, {
    restoreFocus: false,
    callbacks: {
      beforeNodeMorphed: (old) => !(isField(old) && isFieldInUse(old)),
      beforeNodeRemoved: (node) => {
        if (!isInUse(node)) return true;
        hasLeft = true;
        return false;
      },
      beforeAttributeUpdated: (name, node) => !isOurs(node, name),
    },
  });
  return hasLeft;
}
