/**
 * What each connection sends, by name.
 *
 * @returns {next(body) => request bytes, or undefined at the end; wantsBody}
 */
export function requestsOf(kind, data, connection, connections) {
  return KINDS[kind](data, connection, connections);
}

const KINDS = {
  /** data: {path, authorizations?: one for each connection in turn} */
  get({ path, authorizations }, connection) {
    const header = authorizations
      ? `Authorization: ${authorizations[connection % authorizations.length]}\r\n`
      : '';
    const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`);
    return { next: () => bytes };
  },

  /** data: {emails, password}: each account once; what was right before costs no hash again */
  login({ emails, password }, connection, connections) {
    let n = connection - connections;
    return {
      next() {
        const email = emails[(n += connections)];
        return email && post('/auth/login', { email, password });
      },
    };
  },

  /** data: {tokens}: each connection follows its own chain of refresh tokens */
  refresh({ tokens }, connection) {
    let token = tokens[connection];
    return {
      wantsBody: true,
      next(body) {
        if (body !== undefined) token = JSON.parse(body).refresh_token;
        return token && post('/auth/refresh', { refresh_token: token });
      },
    };
  },

  /** data: {prefix, password}: another address each time */
  register({ prefix, password }, connection) {
    let n = 0;
    return {
      next: () =>
        post('/auth/register', { email: `${prefix}-${connection}-${n++}@example.com`, password }),
    };
  },

  /** data: {path}: an empty POST, for the limits */
  post({ path }) {
    const bytes = post(path, {});
    return { next: () => bytes };
  },
};

function post(path, value) {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
}
