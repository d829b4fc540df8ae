import { html, type Html } from '../common/http/page.js';
import type { PageWords } from './words/catalogue.js';

/**
 * A field for an e-mail address.
 *
 * @param autocomplete `username` beside a new password: what a password manager keeps it under
 */
export function emailField({ shared }: PageWords, autocomplete: 'email' | 'username'): Html {
  return html`<div class="field">
    <label for="email">${shared.email}</label>
    <input
      id="email"
      name="email"
      type="email"
      autocomplete="${autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      required
    />
  </div>`;
}

/** A field for a new password that password managers fill, with a button that shows what it holds. */
export function newPasswordField({ shared }: PageWords, label: string): Html {
  return html`<div class="field">
    <label for="password">${label}</label>
    <div class="row">
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby="password-hint"
      />
      <button
        type="button"
        class="quiet"
        data-shows="password"
        aria-pressed="false"
        aria-label="${shared.showPassword}"
      >
        ${shared.show}
      </button>
    </div>
    <span class="hint" id="password-hint">${shared.passwordHint}</span>
  </div>`;
}
