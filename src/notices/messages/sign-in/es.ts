import type { SignInMessages } from '../messages.js';

export const signIn: SignInMessages = {
  signUp: {
    subject: 'Termine de crear su cuenta',
    lead: (host) => `Alguien quiere crear una cuenta en ${host} con esta dirección.`,
    action: 'Crear la cuenta',
    ignore: 'Si no ha sido usted, no haga nada: sin el enlace no se crea ninguna cuenta.',
  },
  known: {
    subject: 'Ya tiene una cuenta',
    lead: (host) =>
      `Alguien quería crear una cuenta en ${host} con esta dirección. Ya tiene una: inicie sesión como siempre o elija una contraseña nueva.`,
    action: 'Elegir una contraseña nueva',
    ignore: 'Si no ha sido usted, no haga nada: la contraseña sigue siendo la misma.',
  },
  password: {
    subject: 'Elija una contraseña nueva',
    lead: (host) => `Alguien ha pedido una contraseña nueva para su cuenta en ${host}.`,
    action: 'Elegir una contraseña nueva',
    ignore: 'Si no ha sido usted, no haga nada: la contraseña sigue siendo la misma.',
  },
  unknownSubject: 'Ninguna cuenta con esta dirección',
  unknown: (host) =>
    `Alguien ha pedido en ${host} una contraseña nueva con esta dirección. Con ella no se puede iniciar sesión en ninguna cuenta.`,
  unknownRemedy: 'Si ha sido usted, pruebe con sus otras direcciones. Si no, no haga nada.',
  once: (when) => `El enlace funciona una vez, hasta el ${when}.`,
  changedBy: (when, browser, network) => `Cuándo: ${when}. Navegador: ${browser}. Red: ${network}.`,
  unknownBrowser: 'desconocido',
  undo: 'Si no ha sido usted, elija enseguida una contraseña nueva y revise después las sesiones, las llaves de acceso y los tokens de su cuenta.',
  passwordChanged: {
    subject: 'Se ha establecido su contraseña',
    lead: (host) =>
      `Se ha establecido la contraseña de su cuenta en ${host}. Se ha cerrado la sesión en todos los demás navegadores.`,
  },
  passwordRemoved: {
    subject: 'Se ha eliminado su contraseña',
    lead: (host) =>
      `Su cuenta en ${host} ya no tiene contraseña. Usted inicia sesión con una llave de acceso.`,
  },
  passkeyAdded: {
    subject: 'Se ha añadido una llave de acceso',
    lead: (host, name) =>
      `La llave de acceso «${name}» permite ahora iniciar sesión en su cuenta en ${host}.`,
  },
  passkeyRemoved: {
    subject: 'Se ha eliminado una llave de acceso',
    lead: (host, name) =>
      `La llave de acceso «${name}» ya no permite iniciar sesión en su cuenta en ${host}.`,
  },
  secondFactorOn: {
    subject: 'Al iniciar sesión se pide un código',
    lead: (host) =>
      `La contraseña sola ya no basta para su cuenta en ${host}: también se pide un código de su aplicación de autenticación.`,
  },
  secondFactorOff: {
    subject: 'Al iniciar sesión ya no se pide un código',
    lead: (host) =>
      `La contraseña sola vuelve a bastar para su cuenta en ${host}. Los códigos de recuperación ya no valen.`,
  },
  recoveryCodesRenewed: {
    subject: 'Tiene códigos de recuperación nuevos',
    lead: (host) =>
      `Se han sustituido los códigos de recuperación de su cuenta en ${host}. Los anteriores ya no valen.`,
  },
  recoveryCodeUsed: {
    subject: 'Se ha usado un código de recuperación',
    lead: (host, left) =>
      `Con un código de recuperación se ha iniciado sesión en su cuenta en ${host}. Códigos restantes: ${left}.`,
  },
};
