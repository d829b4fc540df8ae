import { html, type Html } from '../common/http/page.js';

/** A field for a new password that password managers fill, with a button that shows what it holds. */
export function newPasswordField(label: string): Html {
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
      <button type="button" class="quiet" data-shows="password" aria-pressed="false">
        Show<span class="hidden-text"> password</span>
      </button>
    </div>
    <span class="hint" id="password-hint">
      A few unusual words, or better, what a password manager makes. Length matters more than
      special characters.
    </span>
  </div>`;
}
