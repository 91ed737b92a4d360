// sheet.ts - a table handed over as a file: CSV by RFC 4180 in UTF-8 with a byte order mark, so that spreadsheet programs read Chinese.

/** One cell. What a spreadsheet program would run as a formula is kept a text. */
function cell(value: string | number): string {
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csv_of = (rows: readonly (readonly (string | number)[])[]): string => `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`

/** Saves `rows` on the reader's device as `name`.csv. */
export function save_csv(name: string, rows: readonly (readonly (string | number)[])[]): void {
  save_file(`${name}.csv`, new Blob([csv_of(rows)], { type: 'text/csv;charset=utf-8' }))
}

/** Saves octets on the reader's device. */
export function save_file(name: string, octets: Blob): void {
  const address = URL.createObjectURL(octets)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 60_000) // the browser reads it when it likes
}

/** All items of a list that comes in pages, at most `most`; `more` where there are others. */
export async function all_pages<T>(read: (cursor: string) => Promise<{ items: T[]; next?: string | undefined }>, most = 20_000): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = []
  for (let cursor = ''; ;) {
    const page = await read(cursor)
    items.push(...page.items)
    if (!page.next) return { items, more: false }
    if (items.length >= most) return { items, more: true }
    cursor = page.next
  }
}
