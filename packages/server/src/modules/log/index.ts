export { seedDemoLogs } from './log.demo.ts'
export { logCron, logJobs } from './log.jobs.ts'
export { logRoutes } from './log.routes.ts'
export { type SyslogPorts, type SyslogReceiver, startSyslog } from './receiver.ts'
