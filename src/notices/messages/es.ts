import type { MailMessages } from './messages.js';
import { signIn } from './sign-in/es.js';

export const es: MailMessages = {
  sentBy: (host) => `Enviado por ${host}. Nadie lee las respuestas a esta dirección.`,
  refuse: { notices: 'No recibir más avisos', links: 'No recibir más enlaces de este servicio' },
  link: {
    subject: (sender) => `${sender} le ha enviado un mensaje que se abre una sola vez`,
    heading: 'Le espera un mensaje',
    lead: (sender, host) => `${sender} le ha dejado un mensaje en ${host}.`,
    action: 'Abrir el mensaje',
    once: (when) =>
      `Se abre una sola vez, para la primera persona, hasta el ${when}. Después desaparece.`,
    passphrase: 'También necesita una contraseña. El remitente la tiene.',
    unexpected: 'Si no conoce al remitente, pregúntele por otra vía antes de abrirlo.',
  },
  opened: {
    subject: 'Su mensaje se ha abierto',
    heading: 'Su mensaje se ha abierto',
    lead: (created, host) => `El mensaje que dejó en ${host} el ${created} se ha abierto.`,
    recipient: (masked) => `Era para ${masked}.`,
    at: (when) => `Se abrió el ${when} y nadie puede volver a abrirlo.`,
    unexpected:
      'Si no lo abrió la persona a la que iba dirigido, lo ha leído otra: cambie lo que contenía.',
  },
  domainGiven: {
    subject: (domain) => `${domain} pertenece a otra cuenta`,
    heading: 'Un dominio ha cambiado de cuenta',
    lead: (domain) =>
      `El dominio ${domain} ha pasado de su cuenta a otra, con su certificado y su aspecto.`,
    secrets: 'Los mensajes que ha creado siguen siendo suyos: sus recibos están en su cuenta.',
    unexpected: 'Si nadie de los suyos lo ha cedido, avise de inmediato al operador del servicio.',
  },
  proofMissing: {
    subject: (domain) => `Falta el registro DNS que demuestra ${domain}`,
    heading: 'Falta un registro DNS',
    lead: (domain, since) =>
      `El registro DNS que demuestra que ${domain} es suyo no se encuentra desde el ${since}.`,
    consequence: (lapses) => `Si sigue faltando, la prueba caduca el ${lapses}.`,
    remedy: 'Consulte el dominio por la API: la respuesta enumera los registros que hay que crear.',
  },
  certificateTrouble: {
    subject: (domain) => `El certificado de ${domain} no se renueva`,
    heading: 'Un certificado no se renueva',
    renewal: (domain) =>
      `El certificado de ${domain} no se ha podido renovar. Seguimos intentándolo.`,
    uploaded: (domain) => `El certificado que subió para ${domain} caduca pronto.`,
    until: (when) => `El actual vale hasta el ${when}; después los navegadores rechazan el nombre.`,
    ended: (when) => `Caducó el ${when}: los navegadores rechazan el nombre.`,
    remedy: 'Consulte el dominio por la API: «issues» dice qué falla y qué hay que cambiar.',
    uploadAgain: 'Suba uno nuevo, o retírelo: entonces obtenemos certificados para el nombre.',
  },
  certificateRenewed: {
    subject: (domain) => `El certificado de ${domain} está renovado`,
    heading: 'El certificado está renovado',
    lead: (domain) =>
      `El problema con el certificado de ${domain} ha terminado. No queda nada por hacer.`,
    until: (when) => `El nuevo vale hasta el ${when}.`,
  },
  address: {
    oldSubject: 'Confirme la nueva dirección de su cuenta',
    newSubject: 'Confirme su dirección',
    usedSubject: 'Esta dirección ya tiene una cuenta',
    changedSubject: 'La dirección de su cuenta ha cambiado',
    old: (email) =>
      `Alguien que ha iniciado sesión en su cuenta quiere cambiar su dirección a ${email}.`,
    new: 'Alguien quiere que esta sea la dirección de una cuenta.',
    code: (code) => `El código para confirmarlo: ${code}`,
    until: (when) => `Vale hasta el ${when}. Hay que confirmar las dos direcciones.`,
    ignore: 'Si no fue usted, cambie los tokens de su cuenta y no dé el código a nadie.',
    ignoreNew: 'Si no fue usted, no haga nada.',
    used: 'Alguien quería que esta fuera la dirección de otra cuenta. Ya tiene una cuenta, así que nada cambia.',
    changed: (email) => `La dirección es ahora ${email}. Aquí ya no llega correo de la cuenta.`,
    undo: 'Si no fue usted, avise enseguida al operador del servicio.',
  },
  webhookDisabled: {
    subject: (name) => `El webhook ${name} está desactivado`,
    heading: 'Un webhook está desactivado',
    failing: (name, host) =>
      `El webhook ${name} en ${host} no aceptó nada durante un día. Ya no se le envía nada.`,
    gone: (name, host) =>
      `El webhook ${name} en ${host} respondió que ya no existe (410). Ya no se le envía nada.`,
    remedy:
      'El registro del webhook muestra cómo terminó cada intento. Actívelo de nuevo por la API cuando funcione.',
  },
  signIn,
};
