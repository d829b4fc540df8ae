import { CODES, type Code } from '../common/errors/codes.js';
import { html, type Html, type PageTemplate } from '../common/http/page.js';
import { wide } from '../pages/layout.js';
import { PAGE_STYLE } from '../pages/style.js';

type Status = (typeof CODES)[Code]['status'];

const MEANINGS: Record<Status, string> = {
  400: 'The request is not right',
  401: 'Not signed in',
  403: 'Signed in, but not allowed',
  404: 'Not here',
  405: 'Not this method',
  409: 'Not at this moment',
  413: 'Too large',
  415: 'Not JSON',
  422: 'A password that cannot be used',
  429: 'Too often',
  500: 'A fault in the server',
  503: 'Too busy',
};

/**
 * Every error code with its status, meaning and cure, each under its own fragment: where the
 * `type` of a problem answer leads (RFC 9457 section 3.1.1).
 */
export const errorReferencePage: PageTemplate = {
  title: 'Errors · Latchkey',
  style: `${PAGE_STYLE}
.index { display: flex; flex-wrap: wrap; gap: .375rem .5rem; margin: 0; padding: 0; list-style: none; }
.index a { text-decoration: none; }
.codes { padding: 0; overflow: hidden; }
.code { padding: 1rem 1.5rem; }
.code + .code { border-top: 1px solid var(--line); }
.code h3 a { color: inherit; font: 600 .9375rem var(--mono); text-decoration: none; overflow-wrap: anywhere; }
.code h3 a:hover { text-decoration: underline; }
.code p { margin: .25rem 0 0; }
.code:target { background: var(--good-soft); box-shadow: inset 4px 0 var(--accent); }
h2 .badge { margin-right: .5rem; vertical-align: .1em; font-variant-numeric: tabular-nums; }
`,
  body: wide(
    html`<h1>Errors</h1>
      <p class="lead">
        Every refusal is <code>application/problem+json</code> (RFC 9457). Decide by its
        <code>code</code>: a code is never renamed and never changes its meaning; new ones are
        added. <code>detail</code> is for people, and may change.
      </p>
      <ul class="index">
        ${codes().map(
          ([code]) =>
            html`<li>
              <a href="#${code}"><code>${code}</code></a>
            </li>`,
        )}
      </ul>
      ${statuses().map(
        (status) =>
          html`<h2><span class="badge">${status}</span>${MEANINGS[status]}</h2>
            <div class="codes card">
              ${codes()
                .filter(([, entry]) => entry.status === status)
                .map(([code, { title, cure }]) => section(code, title, cure))}
            </div>`,
      )}`,
  ),
};

function section(code: Code, title: string, cure: string): Html {
  return html`<section class="code" id="${code}" aria-labelledby="${code}-name">
    <h3 id="${code}-name"><a href="#${code}">${code}</a></h3>
    <p>${title}</p>
    <p class="soft">${cure}</p>
  </section>`;
}

function codes(): [Code, (typeof CODES)[Code]][] {
  return Object.entries(CODES) as [Code, (typeof CODES)[Code]][];
}

function statuses(): Status[] {
  return [...new Set(codes().map(([, { status }]) => status))].sort((a, b) => a - b);
}
