export { RegisterPage } from './RegisterPage.tsx'
export { SetUpPage } from './SetUpPage.tsx'
export { SignInPage } from './SignInPage.tsx'
export { WelcomePage } from './WelcomePage.tsx'
