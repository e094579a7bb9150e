import type { EventRow, InstanceRow, JobRow, State, TaskRow, TokenRow, WaitRow } from './state.ts'

/** What one command changed, ready for one write. */
export interface Changes {
  newInstances: InstanceRow[]
  instances: InstanceRow[]
  newTokens: TokenRow[]
  tokens: TokenRow[]
  goneTokens: string[]
  newTasks: TaskRow[]
  tasks: TaskRow[]
  newJobs: JobRow[]
  jobs: JobRow[]
  goneJobs: string[]
  newWaits: WaitRow[]
  goneWaits: string[]
  events: EventRow[]
}

/** One kind of row: what was loaded, what is new, changed and gone. */
class Rows<T extends { id: string }> {
  readonly live = new Map<string, T>()
  readonly #loaded = new Set<string>()
  readonly #touched = new Set<string>()
  readonly #gone = new Set<string>()

  constructor(rows: readonly T[]) {
    for (const row of rows) {
      this.live.set(row.id, row)
      this.#loaded.add(row.id)
    }
  }
  put(row: T): void {
    this.live.set(row.id, row)
    this.#touched.add(row.id)
    this.#gone.delete(row.id)
  }
  touch(row: T): void {
    this.#touched.add(row.id)
  }
  remove(id: string): void {
    if (this.live.delete(id) && this.#loaded.has(id)) this.#gone.add(id)
    this.#touched.delete(id)
  }
  get created(): T[] {
    return [...this.#touched].filter((id) => !this.#loaded.has(id)).flatMap((id) => this.live.get(id) ?? [])
  }
  get changed(): T[] {
    return [...this.#touched].filter((id) => this.#loaded.has(id)).flatMap((id) => this.live.get(id) ?? [])
  }
  get gone(): string[] {
    return [...this.#gone]
  }
}

/** Keeps the rows of a run and what happened to them. */
export class Ledger {
  readonly #instances: Rows<InstanceRow>
  readonly #tokens: Rows<TokenRow>
  readonly #tasks: Rows<TaskRow>
  readonly #jobs: Rows<JobRow>
  readonly #waits: Rows<WaitRow>
  readonly events: EventRow[] = []
  /** Tokens whose next step is opened by a return: arms the boundaries that wait for that. */
  readonly returned = new Set<string>()
  /** Token -> person the next task is for, as after a return or recall. */
  readonly preset = new Map<string, string>()
  /** Tasks that became open: new, or no longer blocked. */
  readonly opened = new Set<string>()

  constructor(state: State) {
    this.#instances = new Rows(state.instances)
    this.#tokens = new Rows(state.tokens)
    this.#tasks = new Rows(state.tasks)
    this.#jobs = new Rows(state.jobs)
    this.#waits = new Rows(state.waits)
  }

  get instances(): ReadonlyMap<string, InstanceRow> {
    return this.#instances.live
  }
  get tokens(): ReadonlyMap<string, TokenRow> {
    return this.#tokens.live
  }
  get tasks(): ReadonlyMap<string, TaskRow> {
    return this.#tasks.live
  }
  get jobs(): ReadonlyMap<string, JobRow> {
    return this.#jobs.live
  }
  get waits(): ReadonlyMap<string, WaitRow> {
    return this.#waits.live
  }

  putInstance(row: InstanceRow): void {
    this.#instances.put(row)
  }
  touchInstance(row: InstanceRow): void {
    this.#instances.touch(row)
  }
  putToken(row: TokenRow): void {
    this.#tokens.put(row)
  }
  touchToken(row: TokenRow): void {
    this.#tokens.touch(row)
  }
  removeToken(id: string): void {
    this.#tokens.remove(id)
  }
  addTask(row: TaskRow): void {
    this.#tasks.put(row)
    if (row.status === 'OPEN') this.opened.add(row.id)
  }
  touchTask(row: TaskRow): void {
    this.#tasks.touch(row)
  }
  putJob(row: JobRow): void {
    this.#jobs.put(row)
  }
  touchJob(row: JobRow): void {
    this.#jobs.touch(row)
  }
  removeJob(id: string): void {
    this.#jobs.remove(id)
  }
  putWait(row: WaitRow): void {
    this.#waits.put(row)
  }
  removeWait(id: string): void {
    this.#waits.remove(id)
  }

  changes(): Changes {
    return {
      newInstances: this.#instances.created,
      instances: this.#instances.changed,
      newTokens: this.#tokens.created,
      tokens: this.#tokens.changed,
      goneTokens: this.#tokens.gone,
      newTasks: this.#tasks.created,
      tasks: this.#tasks.changed,
      newJobs: this.#jobs.created,
      jobs: this.#jobs.changed,
      goneJobs: this.#jobs.gone,
      newWaits: this.#waits.created,
      goneWaits: this.#waits.gone,
      events: this.events,
    }
  }

  snapshot(): State {
    return {
      instances: [...this.instances.values()],
      tokens: [...this.tokens.values()],
      tasks: [...this.tasks.values()],
      jobs: [...this.jobs.values()],
      waits: [...this.waits.values()],
    }
  }
}
