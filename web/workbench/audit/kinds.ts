// kinds.ts - what an auditor may ask for by kind, in the order in which it is offered. The words are `acts.<kind>`, with _ for . and -.
/** Written with a slash, for a name with dots would be a message's. */
const list = (names: string) => names.split(' ').map((name) => name.replace('/', '.'))

export const kinds = {
  rights: list('right/granted right/ended account/created account/disabled account/enabled account/password_reset account/password_set account/certificate_bound account/certificate_ended absence/entered absence/approved absence/ended mandate/given mandate/revoked'),
  sessions: list('session/begun session/ended session/all_ended'),
  configuration: list('pack/applied identity/changed services/changed catalogue/changed exchange/changed'),
  data: list('exchange/read exchange/refused grant/asked grant/answered grant/given grant/suspended grant/resumed grant/ended delivery/ordered delivery/released delivery/acknowledged exchange/usage_exported resource/published resource/withdrawn source/connected source/disconnected'),
  cases: list('application/submitted case/opened case/task-completed case/supplement-asked case/supplement-given case/withdrawn case/paused case/resumed case/incident certificate/issued certificate/revoked'),
  record: list('audit/searched audit/entry_read ledger/checked ledger/erased ledger/succeeded demo/clock_moved'),
}

export const act_key = (kind: string): string => kind.replace(/[.-]/g, '_')
