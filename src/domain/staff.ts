/** Finds the names of members of staff by their ids in events and in the audit trail. */
export interface StaffNames {
  namesOf(ids: readonly number[]): Promise<Map<number, string>>;
}
