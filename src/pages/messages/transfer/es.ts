import type { TransferMessages } from './en.js';

export const transferEs: TransferMessages = {
  'transfer.title': 'Dar a otra cuenta',
  'transfer.lead':
    'Recibe un código. Quien lo introduzca en otra cuenta en siete días tendrá este dominio.',
  'transfer.goes':
    'El certificado, el aspecto y las reglas van con él. Nada cambia en el DNS, y el nombre sigue en servicio.',
  'transfer.pair.goes': '{other}, que lleva aquí, se va con él a una cuenta de esta región.',
  'transfer.pair.parts': 'Este nombre lleva a {other}. Al darlo, deja de hacerlo.',
  'transfer.stays': 'Los mensajes y recibos se quedan en la cuenta que los creó.',
  'transfer.ends': 'Los enlaces para quien administra su DNS terminan.',
  'transfer.elsewhere':
    'En otra región el nombre recibe un certificado propio; el aspecto y las reglas se quedan aquí. Después se cambia un registro: la página del dominio dice cuándo.',
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
    'Su plan no tiene sitio para él; un par de nombres necesita dos plazas. Elimine antes un dominio y vuelva a introducir el código.',
  'transfer.region': 'Dónde está la otra cuenta',
  'transfer.here': 'Esta región ({region})',
  'move.out.preparing':
    'Paso a la región {region}: el nombre obtiene primero allí su certificado. No cambie todavía ningún registro.',
  'move.out.ready_to_switch':
    'Listo para cambiar: la región {region} sirve el nombre. Cambie su registro como muestra allí la página del dominio.',
  'move.out.switched':
    'El nombre lleva a la región {region}. Esta reclamación termina sola tras dos días así. Los enlaces creados aquí se abren en el host de esta región.',
  'move.in.preparing':
    'Viene de la región {region}: el nombre obtiene primero aquí su certificado. No cambie todavía ningún registro.',
  'move.in.ready_to_switch':
    'Listo para cambiar: esta región sirve el nombre. Cambie el registro como se muestra abajo.',
  'move.in.switched': 'El nombre lleva aquí. En la región {region} termina solo dos días después.',
  'move.cancel': 'Anular el paso',
  'receive.refused.REGION_UNREACHABLE':
    'No se pudo llegar a la otra región para este código. Espere un momento e introdúzcalo de nuevo.',
  'receive.refused.CONFLICT_OTHER_CLAIM': 'Otra cuenta de esta región ha demostrado este nombre.',
  'receive.refused.MOVE_OPEN':
    'Este nombre ya está pasando de una región a otra. El código vale cuando eso termine o una de las dos partes lo anule.',
};
