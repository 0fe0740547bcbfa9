/** Where the page for when there is no connection is kept; another number makes a worker forget the earlier ones. */
export const KEPT = 'finestreta-offline-1';

export const offlineAddress = (language: string): string => `/${language}/offline`;
