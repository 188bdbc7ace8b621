import { html } from 'hono/html';

/** A raised hand. Not every screen has a letter for it. */
export const HAND = html`<svg class="raised" viewBox="0 0 24 24" aria-hidden="true">
  <path
    d="M7 12V6.5a1.5 1.5 0 0 1 3 0V11V4a1.5 1.5 0 0 1 3 0v7V5.5a1.5 1.5 0 0 1 3 0V12V8.5a1.5 1.5 0 0 1 3 0V15
      c0 4-2.5 7-6.5 7-3 0-5-1.5-6.5-4l-2.6-4.6a1.5 1.5 0 0 1 2.5-1.6L7 14z"
  />
</svg>`;
