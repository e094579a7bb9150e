export { BoardPage } from './BoardPage.tsx'
export { WaiversPage } from './WaiversPage.tsx'
