import { html, Html } from '../common/http/page.js';

/** The key of the brand, in the colour of the text around it. */
export const KEY = new Html(
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="8" cy="8" r="5"/><path d="m11.6 11.6 9.4 9.4m-4.7-4.7 3.2-3.2"/></svg>',
);

/** A page with one thing to do: a card in the middle. */
export function narrow(content: Html): Html {
  return html`<main class="narrow">
    <p class="brand">${KEY}<span>Latchkey</span></p>
    <div class="card">${content}</div>
  </main>`;
}

/** A page to read: the whole column. Its brand leads to the first page. */
export function wide(content: Html): Html {
  return html`<header class="brand">
      <a href="/">${KEY}<span>Latchkey</span></a>
    </header>
    <main class="wide">${content}</main>`;
}

/** What a form page says to whoever has switched scripts off. */
export function noScript(text: string | Html): Html {
  return html`<noscript><p class="notice">${text}</p></noscript>`;
}
