// record.ts - how a record is named on the screen: its full number is for machines.

/** The last eight digits of an id, as people read them out: 3F2A-91BC. */
export const short_number = (id: string): string => `${id.slice(-8, -4)}-${id.slice(-4)}`.toUpperCase()
