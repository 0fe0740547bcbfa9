/** How a form was filled in together, and confirmed by its applicant alone (docs/adr/0101). */
export interface Assisted {
  /** Whoever opened it, typed answers, or asked to confirm it: the ids and names of their accounts. */
  officials: readonly { staff: number; name: string }[];
  /** The appointment in whose encounter it was filled in; null: there was none. */
  appointment: string | null;
  /** The request to confirm these answers; null: nobody asked, or they have changed since. */
  asked: { by: string; at: string; version: number } | null;
  confirmed: {
    /** `identity`: they identified. `code`: they typed a one-time code in their browser. */
    by: 'identity' | 'code';
    /**
     * What shows that they are the citizen of the appointment. `forgotten`: only their identification, since what was booked had been
     * forgotten. `owner`: the case was already theirs, as an identified person. Null: there was no appointment.
     */
    shownBy: 'name' | 'code' | 'forgotten' | 'owner' | null;
    /**
     * The code: where it was sent, who had set that address, when it was typed (RFC 3339), and the actors who could have got it or had the
     * link besides; absent: nobody.
     */
    code: {
      channel: string;
      to: string;
      setBy: string;
      at: string;
      insiders?: readonly string[];
    } | null;
    /** The version of the answers that they confirmed. */
    version: number;
    /** SHA-256 of the answers that they confirmed, as canonical JSON, in hexadecimal. */
    answers: string;
  };
}
