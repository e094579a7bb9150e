let address: string | null = null

/** Whoever listens there raises the alarm when we fall silent (`HEARTBEAT_URL`). Set once when the server is put together. */
export function chooseHeartbeat(url: string | undefined): void {
  address = url ?? null
}
export const heartbeatAddress = (): string | null => address
