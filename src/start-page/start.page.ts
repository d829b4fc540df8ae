import { html, Html, type PageTemplate } from '../common/http/page.js';
import { wide } from '../pages/layout.js';
import { PAGE_STYLE } from '../pages/style.js';
import { type Part, type StartState } from './start-state.js';
import { type Step, type Way } from './steps.js';

interface Start {
  /** Where the server is reached (PUBLIC_URL). */
  url: string;
  /** Whether mail is captured at /dev/mail rather than sent. */
  captured: boolean;
  steps: Step[];
  state: StartState;
}

const TICK = new Html(
  '<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m3.5 8.5 3 3 6-7"/></svg>',
);

/**
 * The first page in development. It shows the state it was made with, and with scripts on keeps
 * it fresh from `GET /start/state`.
 */
export function startPage({ url, captured, steps, state }: Start): PageTemplate {
  const done = steps.filter((step) => state.steps[step.key]).length;
  return {
    title: 'Latchkey',
    style: STYLE,
    body: wide(
      html`<h1>Latchkey is running</h1>
        <p class="lead">Accounts and tokens at <code>${url}</code>, in development.</p>
        <dl class="parts card">
          ${part('database', 'Database', state.database)} ${part('keys', 'Keys', state.keys)}
          ${part('mail', 'Mail', state.mail)}
          ${part('administrator', 'Administrator', state.administrator)}
          ${part('review', 'Access review', state.review)}
        </dl>
        <p class="notice bad" id="lost" hidden>The server does not answer at the moment.</p>

        <div class="progress">
          <h2>Five steps</h2>
          <span class="soft"><span id="done">${done}</span> of ${steps.length} done</span>
        </div>
        <p class="lead">
          Paste the lines into bash from top to bottom, or do the same in the
          <a href="/docs">API documentation</a>. Each step ticks itself when the server sees it
          happen.
        </p>
        <ol class="steps">
          ${steps.map((step, i) => stepItem(step, i + 1, state.steps[step.key]))}
        </ol>
        <p class="notice good" id="all" ${new Html(done === steps.length ? '' : 'hidden')}>
          All five done: the server works from end to end.
        </p>
        <p class="hidden-text" id="news" role="status"></p>

        <h2>Where things are</h2>
        <ul class="places">
          <li><a href="/docs">/docs</a> every route, to read and to try</li>
          ${
            captured
              ? html`<li><a href="/dev/mail">/dev/mail</a> the mail that would have been sent</li>`
              : html``
          }
          <li><a href="/docs/passkeys">/docs/passkeys</a> a passkey, to try in this browser</li>
          <li><a href="/docs/errors">/docs/errors</a> every error code, and what to do about it</li>
          <li><a href="/openapi.json">/openapi.json</a> the same for programs (OpenAPI 3.1)</li>
          <li><a href="/health">/health</a> whether the server is well</li>
        </ul>`,
    ),
    script: SCRIPT,
  };
}

function part(key: string, name: string, { ok, text }: Part): Html {
  return html`<div data-part="${key}" class="${ok ? 'ok' : 'off'}">
    <dt>${name}</dt>
    <dd>${text}</dd>
  </div>`;
}

function stepItem(step: Step, number: number, done: boolean): Html {
  return html`<li class="step card ${done ? 'done' : ''}" data-step="${step.key}">
    <span class="tick" aria-hidden="true"><span>${number}</span>${TICK}</span>
    <div class="what">
      <h3>${step.title}<span class="hidden-text state">${done ? ' (done)' : ''}</span></h3>
      <p class="soft">${step.text}</p>
      ${step.ways.map((way, i) => wayItem(way, `${step.title}, ${i + 1}`))}
    </div>
  </li>`;
}

function wayItem({ words, lines }: Way, name: string): Html {
  return html`${words === undefined ? html`` : html`<p class="words">${words}</p>`}
  ${
    lines === undefined
      ? html``
      : html`<div class="lines">
          <pre><code>${lines}</code></pre>
          <button type="button" class="quiet copy">
            <span>Copy</span><span class="hidden-text"> the lines: ${name}</span>
          </button>
        </div>`
  }`;
}

const STYLE = `${PAGE_STYLE}
h1 { font-size: 2rem; margin-top: 1rem; }
.parts { display: grid; grid-template-columns: repeat(5, auto); gap: 1.25rem; margin: 1.5rem 0 0; padding: 1.25rem 1.5rem; }
.parts dt { display: flex; white-space: nowrap; align-items: center; gap: .5rem; font-weight: 600; font-size: .9375rem; }
.parts dt::before { content: ""; width: .625rem; height: .625rem; border-radius: 50%; border: 2px solid var(--edge); }
.parts .ok dt::before { border-color: var(--accent); background: var(--accent); }
.parts dd { margin: .125rem 0 0; color: var(--soft); font-size: .875rem; line-height: 1.45; }
.progress { display: flex; align-items: baseline; justify-content: space-between; }
.progress h2 { margin-bottom: .25rem; }
#lost { margin: 1rem 0 0; }
.steps { margin: 0 0 1rem; padding: 0; list-style: none; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.step { position: relative; padding: 1.25rem 1.5rem 1.25rem 4.25rem; }
.tick {
  position: absolute; top: 1.1rem; left: 1.5rem; display: grid; place-items: center;
  width: 1.75rem; height: 1.75rem;
  border: 1.5px solid var(--edge); border-radius: 50%; color: var(--soft);
  font-size: .875rem; font-weight: 650; font-variant-numeric: tabular-nums;
}
.tick svg { display: none; width: 1rem; height: 1rem; }
.done .tick { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.done .tick span { display: none; }
.done .tick svg { display: block; }
.what p { margin: .125rem 0 .75rem; }
.what > :last-child { margin-bottom: 0; }
.words { font-size: .875rem; }
.lines { position: relative; margin: 0 0 .75rem; }
.lines pre { padding-right: 5.5rem; }
.words + .lines { margin-top: -.375rem; }
.lines .copy { position: absolute; top: .3rem; right: .3rem; min-height: 2rem; padding: .125rem .75rem; border-color: var(--line); font-size: .8125rem; }
.places { margin: 0; padding: 0; list-style: none; display: grid; gap: .375rem; }
.places li { display: grid; grid-template-columns: 8.5rem 1fr; gap: 1rem; color: var(--soft); font-size: .9375rem; }
.places a { font-family: var(--mono); font-size: .875rem; }
@media (max-width: 44rem) { .parts { grid-template-columns: 1fr 1fr; gap: 1rem; } }
@media (max-width: 30rem) {
  .step { padding: 1.125rem 1rem; }
  .step h3 { padding: .125rem 0 .375rem 2.5rem; }
  .tick { left: 1rem; top: 1rem; }
  .lines pre { padding: .75rem .75rem 3rem; }
  .lines .copy { top: auto; bottom: .3rem; }
  .places li { grid-template-columns: 1fr; gap: 0; }
}
@media (prefers-reduced-motion: no-preference) { .tick { transition: background-color .3s, border-color .3s; } }
`;

const SCRIPT = /* js */ `
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

for (const button of all('.copy')) {
  button.addEventListener('click', async () => {
    const code = button.parentElement.querySelector('code');
    const label = button.firstElementChild;
    try {
      await navigator.clipboard.writeText(code.textContent + '\\n');
      label.textContent = 'Copied';
    } catch {
      // Without https only localhost may write to the clipboard; elsewhere the keyboard does.
      getSelection().selectAllChildren(code);
      label.textContent = 'Ctrl+C';
    }
    setTimeout(() => { label.textContent = 'Copy'; }, 2000);
  });
}

function show(state) {
  for (const item of all('[data-part]')) {
    const part = state[item.dataset.part];
    item.className = part.ok ? 'ok' : 'off';
    item.querySelector('dd').textContent = part.text;
  }
  const news = [];
  for (const item of all('[data-step]')) {
    const done = state.steps[item.dataset.step];
    if (done && !item.classList.contains('done')) news.push(item.querySelector('h3').firstChild.textContent);
    item.classList.toggle('done', done);
    item.querySelector('.state').textContent = done ? ' (done)' : '';
  }
  const done = all('.step.done').length;
  one('#done').textContent = String(done);
  one('#all').hidden = done < all('.step').length;
  if (news.length > 0) one('#news').textContent = 'Done: ' + news.join(', ');
}

async function look() {
  if (document.visibilityState === 'visible') {
    try {
      const answer = await fetch('/start/state', { credentials: 'omit' });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      one('#lost').hidden = true;
    } catch {
      one('#lost').hidden = false;
    }
  }
  setTimeout(look, 1000);
}
setTimeout(look, 1000);
`;
