import { keepCompiled } from './compiled.ts'

// before everything else is loaded, hence a file of its own
keepCompiled()
await import('./start.ts')
