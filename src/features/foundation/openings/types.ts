/** What a secret opens: the appointment, the entry of the wait list, the companion's invitation, or the document that has a verification code. */
export const OPENED = ['appointment', 'wait_list', 'companion', 'document'] as const;
export type Opened = (typeof OPENED)[number];

/** A secret that opens something for whoever has it, without another proof. The database knows only the secret's hash. */
export interface Opening {
  office: number;
  opens: Opened;
  /** Id of what it opens. */
  subject: string;
}
