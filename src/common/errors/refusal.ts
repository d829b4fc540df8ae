/** What a command-line tool was asked for and will not do; `message` says why and what to change. */
export class Refusal extends Error {}
