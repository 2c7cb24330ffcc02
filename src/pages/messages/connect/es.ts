import type { ConnectMessages } from './en.js';

export const connectEs: ConnectMessages = {
  'connect.title': 'En un paso, en {provider}',
  'connect.lead':
    '{provider} le pide su consentimiento en su propia página, en {host}, y después crea:',
  'connect.replaces': 'Elimina lo que estorba:',
  'connect.open': 'Dejar que {provider} cree estos registros',
  'connect.prepare': 'Solo preparar el nombre en {provider}',
  'connect.prepareWhy':
    'Así se obtiene primero el certificado. El nombre sigue llevando adonde lleva ahora, hasta que usted lo cambie.',
  'connect.byHand': 'O créelos a mano, como se muestra abajo.',
  'connect.noTemplate':
    '{provider} no conoce todavía este servicio, así que los registros se crean a mano.',
  'panel.open': 'Abrir el panel DNS de {provider}',
  'panel.relative': 'Su campo de nombre toma el nombre sin el dominio.',
  'panel.absolute': 'Su campo de nombre toma el nombre completo.',
  'panel.proxy': 'Junto a cada registro hay un interruptor para su proxy: déjelo en «DNS only».',
  'return.title': 'De vuelta de su proveedor DNS',
  'return.returned':
    'Gracias. Buscamos ahora los registros de {name}. Tarda un minuto, más o menos.',
  'return.cancelled': 'No se cambió nada para {name}: usted lo detuvo en su proveedor DNS.',
  'return.rejected': 'Su proveedor DNS se negó a crear los registros de {name}. Créelos a mano.',
  'return.unavailable':
    'Su proveedor DNS tiene un fallo propio. Inténtelo más tarde o cree a mano los registros de {name}.',
  'return.seen': 'Lo que vemos hasta ahora',
  'return.holder':
    'Con estos registros, una cuenta de este servicio tiene {name} y recibe a sus visitantes.',
  'return.object':
    '¿No es lo que quería? Elimine los registros en su proveedor DNS y avise a quien opera este servicio.',
  'return.owner': 'A la configuración de {name}',
  'return.gone.title': 'Esta dirección ya no sirve',
  'return.gone.text': 'Sirve dos días, y solo mientras dura la reclamación del dominio.',
  'issue.SETUP_REPLACES_RECORDS': 'El proveedor DNS reemplazaría registros',
  'issue.SETUP_NOT_APPLIED': 'El proveedor DNS no ha creado los registros',
  'issue.SETUP_CANCELLED': 'Los registros no se crearon: se canceló',
  'issue.SETUP_REJECTED': 'El proveedor DNS se negó a crear los registros',
  'issue.SETUP_KEY_UNPUBLISHED': 'Nuestra clave para proveedores DNS no está publicada',
  'why.replaces': '{provider} eliminaría {where}.',
  'fix.check_first': 'Compruebe antes que ya nada los necesita.',
  'fix.again': 'Deje que {provider} cree otra vez los registros o créelos a mano.',
  'fix.by_hand': 'Cree los registros a mano, como se muestran aquí.',
  'event.routing.setup_returned': 'De vuelta del proveedor DNS',
};
