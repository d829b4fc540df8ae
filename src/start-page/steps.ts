import { html, type Html } from '../common/http/page.js';
import { type StepsDone } from './start-state.js';

/** One way to do a step: in words, as lines to paste into bash, or both. */
export interface Way {
  words?: string;
  lines?: string;
}

export interface Step {
  key: keyof StepsDone;
  title: string;
  text: Html;
  ways: Way[];
}

const EMAIL = 'ada@example.org';
const PASSWORD = 'correct horse battery staple';
const CURL = `curl -s -w '\\n'`;
const JSON_TYPE = `-H 'Content-Type: application/json'`;

/**
 * What a newcomer does first. The lines run unedited, one after the other, in one bash, with
 * nothing but curl and sed.
 *
 * @param url where the server is reached (PUBLIC_URL)
 * @param captured whether mail is captured at /dev/mail rather than sent
 */
export function steps(url: string, captured: boolean): Step[] {
  return [
    {
      key: 'administrator',
      title: 'Make an administrator',
      text: html`Three ways, each as good as the others.`,
      ways: [
        { words: 'Open the setup link in the terminal or log of the server: it works once.' },
        { words: 'Run in its folder:', lines: 'npm run admin -- create you@example.org' },
        {
          words: 'Start it with an address, and a file that holds the password:',
          lines: 'ADMIN_EMAIL=you@example.org ADMIN_PASSWORD_FILE=./admin-password npm start',
        },
      ],
    },
    {
      key: 'registered',
      title: 'Register',
      text: html`The answer is the same for a new and a known address, so that nobody can find out
      who has an account.`,
      ways: [
        {
          lines: [
            `${CURL} ${url}/auth/register \\`,
            `  ${JSON_TYPE} \\`,
            `  -d '{"email":"${EMAIL}","password":"${PASSWORD}"}'`,
          ].join('\n'),
        },
      ],
    },
    captured ? readCaptured(url) : readSent(),
    {
      key: 'signedIn',
      title: 'Sign in',
      text: html`Gives a short access token and a refresh token.`,
      ways: [
        {
          lines: [
            `ACCESS_TOKEN=$(curl -s ${url}/auth/login \\`,
            `  ${JSON_TYPE} \\`,
            `  -d '{"email":"${EMAIL}","password":"${PASSWORD}"}' \\`,
            `  | sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')`,
            `echo "$ACCESS_TOKEN"`,
          ].join('\n'),
        },
      ],
    },
    {
      key: 'closedRoute',
      title: 'Call a closed route',
      text: html`A route is closed unless it says otherwise. The access token opens it.`,
      ways: [
        {
          lines: [`${CURL} ${url}/users/me \\`, `  -H "Authorization: Bearer $ACCESS_TOKEN"`].join(
            '\n',
          ),
        },
        {
          words: 'Or with address and password:',
          lines: [`${CURL} ${url}/users/me \\`, `  -u '${EMAIL}:${PASSWORD}'`].join('\n'),
        },
      ],
    },
  ];
}

function readCaptured(url: string): Step {
  return {
    key: 'mailRead',
    title: 'Read the mail',
    text: html`No mail leaves this machine: it is all in the <a href="/dev/mail">mailbox</a>. Follow
      the link there, or take the token out of it.`,
    ways: [
      {
        lines: [
          `TOKEN=$(curl -s -G ${url}/dev/mail/latest \\`,
          `  -d to=${EMAIL} -d wait=10 \\`,
          `  | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')`,
          `${CURL} ${url}/auth/verify-email \\`,
          `  ${JSON_TYPE} \\`,
          `  -d "{\\"token\\":\\"$TOKEN\\"}"`,
        ].join('\n'),
      },
    ],
  };
}

function readSent(): Step {
  return {
    key: 'mailRead',
    title: 'Read the mail',
    text: html`Mail goes out by SMTP: register with an address of your own in step 2, then follow
    the link in the mail.`,
    ways: [],
  };
}
