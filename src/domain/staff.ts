/** Finds who somebody is by the id in events and in the audit trail. */
export interface StaffNames {
  namesOf(ids: readonly number[]): Promise<Map<number, string>>;
}
