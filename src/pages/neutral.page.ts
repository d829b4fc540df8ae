import { html, type PageTemplate } from '../common/http/page.js';
import { KEY } from './layout.js';
import { PAGE_STYLE } from './style.js';

/** What production shows at `GET /`: that something is here, and nothing about it. */
export const neutralPage: PageTemplate = {
  title: 'Latchkey',
  style: PAGE_STYLE,
  body: html`<main class="narrow">
    <h1 class="brand">${KEY}<span>Latchkey</span></h1>
  </main>`,
};
