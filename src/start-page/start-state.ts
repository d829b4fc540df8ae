/** One part of the server, as the start page shows it. */
export interface Part {
  ok: boolean;
  /** A few words, without paths, addresses or secrets: anyone who reaches the server reads them. */
  text: string;
}

/** What `GET /start/state` answers. */
export interface StartState {
  database: Part;
  keys: Part;
  mail: Part;
  administrator: Part;
  /** When everybody's access is to be reviewed. */
  review: Part;
  steps: StepsDone;
}

/** The five steps of the start page, true once the server has seen them happen. */
export interface StepsDone {
  administrator: boolean;
  registered: boolean;
  mailRead: boolean;
  signedIn: boolean;
  closedRoute: boolean;
}
