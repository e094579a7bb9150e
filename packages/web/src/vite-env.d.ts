/// <reference types="vite/client" />

declare module 'virtual:endpoints' {
  /** `module.name` -> method, path below /api, kind. Made from the contract by vite.config.ts. */
  const table: Record<string, [method: string, path: string, kind: string]>
  export default table
}
