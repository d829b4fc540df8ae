import type { PageWords } from './words/catalogue.js';

/**
 * The script of a form page: its own part after what all of them share. Both find their texts in
 * `words`, and expect `<div id="outcome" role="status">`. Everything from outside reaches the page
 * as text, never as markup.
 *
 * @param texts those of this page
 */
export function pageScript(
  { shared }: PageWords,
  texts: Record<string, string>,
  own: string,
): string {
  const words = JSON.stringify({ ...shared.script, ...texts }).replaceAll('<', '\\u003c');
  return `const words = ${words};${SHARED}${own}`;
}

const SHARED = /* js */ `
const $ = (id) => document.getElementById(id);

// The token of a mailed link. It leaves the address bar, and with it the history, at once.
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  // Another link opened in this tab changes only the fragment, which alone loads nothing.
  addEventListener('hashchange', () => location.reload());
  return token;
}

// Answers {status, body, wait}; status 0 when there was no answer.
async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text === '' ? {} : JSON.parse(text),
      wait: answer.headers.get('retry-after'),
    };
  } catch {
    return { status: 0, body: {}, wait: null };
  }
}

// Runs \`work\` at each submit of the form, but not while the one before is under way.
function onSubmit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    form.setAttribute('aria-busy', 'true');
    try {
      await work(event.submitter);
    } finally {
      form.removeAttribute('aria-busy');
    }
  });
}

// Shows what came of it: one sentence, and reasons as a list.
function say(kind, sentence, reasons = []) {
  const notice = document.createElement('div');
  notice.className = 'notice ' + kind;
  const text = document.createElement('p');
  text.textContent = sentence;
  notice.append(text);
  if (reasons.length > 0) {
    const list = document.createElement('ul');
    list.append(...reasons.map((reason) => {
      const item = document.createElement('li');
      item.textContent = reason;
      return item;
    }));
    notice.append(list);
  }
  $('outcome').replaceChildren(notice);
}

// Shows why an answer is a refusal, and marks the fields it names.
function sayRefusal(answer) {
  const errors = answer.body.errors ?? [];
  const pointers = new Set(errors.map((error) => error.pointer));
  for (const input of document.querySelectorAll('input')) {
    if (pointers.has('/' + input.name)) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }
  if (answer.wait !== null) {
    const seconds = Number(answer.wait) || 1;
    say('bad', seconds === 1 ? words.waitOneSecond : words.wait.replace('{seconds}', seconds));
  } else if (errors.length > 0) {
    const sentence = answer.body.code === 'password_rejected' ? words.passwordRejected : words.checkInput;
    say('bad', sentence, errors.map((error) => words.reasons[error.code] ?? error.detail));
  } else {
    say('bad', answer.status === 0 ? words.noAnswer : words.failed);
  }
  document.querySelector('[aria-invalid]')?.focus();
}

for (const toggle of document.querySelectorAll('button[data-shows]')) {
  toggle.addEventListener('click', () => {
    const input = $(toggle.dataset.shows);
    const show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    toggle.setAttribute('aria-pressed', String(show));
  });
}
`;
