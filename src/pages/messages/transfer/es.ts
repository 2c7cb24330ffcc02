import type { TransferMessages } from './en.js';

export const transferEs: TransferMessages = {
  'transfer.title': 'Dar a otra cuenta',
  'transfer.lead':
    'Recibe un código. Quien lo introduzca en otra cuenta en siete días tendrá este dominio.',
  'transfer.goes':
    'El certificado, el aspecto y las reglas van con él. Nada cambia en el DNS, y el nombre sigue en servicio.',
  'transfer.stays': 'Los mensajes y recibos se quedan en la cuenta que los creó.',
  'transfer.ends': 'Los enlaces para quien administra su DNS terminan.',
  'transfer.make': 'Crear un código',
  'transfer.another': 'Crear otro código',
  'transfer.made': 'Su código. Solo se muestra esta vez.',
  'transfer.code': 'Código para la otra cuenta',
  'transfer.open': 'Un código vale hasta el {date}. Otro lo anula.',
  'transfer.expired': 'El código no se usó a tiempo.',
  'transfer.cancel': 'Anular el código',
  'transfer.unproven': 'Solo se puede dar un dominio demostrado.',
  'receive.open': 'Tengo un código',
  'receive.title': 'Recibir un dominio de otra cuenta',
  'receive.lead':
    'El propietario de un dominio le ha dado un código. Introdúzcalo, y el dominio estará en su cuenta.',
  'receive.code': 'Código',
  'receive.submit': 'Recibir el dominio',
  'receive.refused.TRANSFER_CODE':
    'Este código no da ningún dominio: es incorrecto, se usó o anuló, o pasó su plazo. Pida uno nuevo.',
  'receive.refused.TRANSFER_OWN': 'El dominio de este código ya está en su cuenta.',
  'receive.refused.DOMAIN_LIMIT':
    'Tiene tantos dominios como permite su plan. Elimine uno y vuelva a introducir el código.',
};
