import { embeddedEngine } from './embedded.engine.ts'
import type { Engine } from './engine.ts'
import { promqlEngine } from './promql.engine.ts'

let chosen: Engine = embeddedEngine
let address: string | null = null

/** Where samples live: our own PostgreSQL, or the engine at this address (`TELEMETRY_URL`). Set once when the server is put together. */
export function chooseEngine(url: string | undefined): void {
  address = url ?? null
  chosen = url ? promqlEngine(url) : embeddedEngine
}
export const engine = (): Engine => chosen
/** Null: samples are stored here. */
export const engineAddress = (): string | null => address
