import type { PublicMessages } from './en.js';

export const publicEs: PublicMessages = {
  'create.title': 'Enviar un mensaje seguro',
  'create.lead':
    'Recibe un enlace que se abre una sola vez. Después, o cuando se acaba su tiempo, el mensaje desaparece.',
  'create.message': 'Su mensaje',
  'create.size':
    'Hasta {bytes, number} bytes: otras tantas letras de la A a la Z, o más o menos la mitad en otros alfabetos.',
  'create.lifetime': 'Borrarlo sin leer después de',
  'create.addPassphrase': 'Añadir una frase de acceso',
  'create.passphrase': 'Frase de acceso, de {min} a {max} caracteres',
  'create.passphraseHint': 'Comuníquela a la otra persona por un medio distinto del enlace.',
  'create.attempts': 'Borrarlo después de tantas frases erróneas (opcional)',
  'create.attemptsHint':
    'De 1 a {max}. Quien tenga el enlace puede agotarlas, y entonces nadie puede leer el mensaje.',
  'create.submit': 'Crear el enlace',
  'create.generate': 'Generar una contraseña en su lugar',
  'create.generator': 'Cómo generar una contraseña',
  'create.ofCharacters': 'Con caracteres',
  'create.length': 'Cuántos, de {min} a {max}',
  'create.uppercase': 'Letras mayúsculas',
  'create.lowercase': 'Letras minúsculas',
  'create.digits': 'Cifras',
  'create.symbols': 'Símbolos como ! y %',
  'create.ofWords': 'Con palabras inglesas',
  'create.words': 'Cuántas palabras, de {min} a {max}',
  'create.strength':
    '12 caracteres o 6 palabras no se pueden adivinar a través de una red; 16 caracteres u 8 palabras, con ningún ordenador. No hay caracteres que se parezcan.',
  'create.refused.blank': 'No hay nada que leer en su mensaje. Escriba algo primero.',
  'create.refused.attempts':
    'Cuántas frases erróneas borran el mensaje es un número entero de 1 a {max}. Déjelo vacío para no poner límite.',
  'create.refused.attemptsAlone':
    'Añada también una frase de acceso: ha elegido cuántas erróneas borran el mensaje.',
  'create.refused.length':
    'El número de caracteres de una contraseña es un número entero de {min} a {max}.',
  'create.refused.words':
    'El número de palabras de una contraseña es un número entero de {min} a {max}.',
  'create.refused.sets': 'Elija al menos una clase de caracteres para la contraseña.',
  'create.refused.tooLong':
    'Su mensaje es demasiado largo: caben hasta {bytes, number} bytes. No se ha guardado nada.',
  'create.refused.passphraseShort':
    'La frase de acceso es demasiado corta: necesita al menos {min} caracteres.',
  'create.refused.passphraseLong':
    'La frase de acceso es demasiado larga: caben hasta {max} caracteres.',
  'create.refused.passphraseMissing': 'Aquí hace falta una frase de acceso. Añada una.',
  'create.refused.other': 'Su mensaje no se ha podido guardar así. Revise lo que ha escrito.',
  'create.refused.notHere': 'Su mensaje no se ha guardado: aquí no se escriben mensajes nuevos.',
  'create.notStored': 'Su mensaje no se ha podido guardar.',
  'create.elsewhere':
    'El botón se ha pulsado dos veces, y la primera pulsación ha creado su enlace: vuelva a su respuesta, en esta u otra pestaña o ventana. Esta segunda pulsación no ha creado nada. Si no encuentra la respuesta, cree el enlace otra vez; el primero, que entonces no tiene nadie, termina sin leer.',
  'create.inWork':
    'El botón se ha pulsado dos veces, y la primera pulsación sigue en curso: espere su respuesta, en esta u otra pestaña o ventana. Esta segunda pulsación no ha creado nada.',
  'created.title': 'Su enlace está listo',
  'created.link': 'Enlace para enviar',
  'created.once': 'No lo abra usted: se abre una sola vez, para quien llegue primero.',
  'created.showQr': 'Mostrar un código QR',
  'created.qr': 'El enlace como código QR',
  'created.passphrase': 'La otra persona necesita también su frase de acceso.',
  'created.generated': 'Contraseña generada',
  'created.generatedHint': 'Cópiela ahora si la necesita: se muestra durante un minuto.',
  'created.weak':
    'La puede adivinar quien pueda probar el tiempo suficiente ({bits, number} bits): úsela solo donde se permitan pocos intentos.',
  'created.good': 'Es fuerte: nadie la puede adivinar a través de una red ({bits, number} bits).',
  'created.strong': 'Es muy fuerte: ningún ordenador la puede adivinar ({bits, number} bits).',
  'created.mail': 'Enviar el enlace por correo',
  'created.mailTo': 'Dirección de correo de la otra persona',
  'created.mailHint': 'Lo enviamos en su nombre, una vez. Su dirección aparece en el correo.',
  'created.mailed': 'El enlace va de camino a {to}.',
  'created.addressWrong': 'Eso no es una dirección de correo. No se ha enviado nada.',
  'created.notMailed':
    'El enlace no se ha enviado: ha habido demasiados correos, o a esta dirección no va ninguno. Envíelo usted.',
  'created.afterwards': 'Después',
  'created.receipt':
    'El recibo dice si el mensaje se ha abierto, y puede borrarlo antes. Es para usted: no lo envíe.',
  'created.toReceipt': 'Ir al recibo',
  'created.another': 'Enviar otro mensaje',
  'envelope.title': 'Tiene un mensaje seguro',
  'envelope.lead':
    'Se puede abrir una sola vez. Después se borra; ábralo donde pueda leerlo o copiarlo.',
  'envelope.passphrase': 'Frase de acceso',
  'envelope.open': 'Abrir el mensaje',
  'envelope.confirm': 'Sí, abrirlo ahora para mí',
  'envelope.unconfirmed':
    'Todavía no se ha abierto nada. Marque la casilla y pulse el botón: los programas que revisan enlaces no la marcan.',
  'envelope.stale':
    'Todavía no se ha abierto nada: esta página llevaba mucho tiempo abierta. Pulse el botón una vez más.',
  'envelope.notOpened': 'No se ha abierto nada. Revise la frase de acceso e inténtelo de nuevo.',
  'envelope.tooManyTries':
    'Ha habido demasiados intentos con una frase errónea. No se ha abierto nada.',
  'envelope.busy': 'No se ha abierto nada: hay demasiadas peticiones en este momento.',
  'revealed.title': 'Su mensaje seguro',
  'revealed.message': 'Mensaje',
  'revealed.copy':
    'Cópielo ahora si lo necesita. Aquí ya está borrado, y esta página no se puede abrir otra vez.',
  'revealed.done': 'Cuando termine, puede cerrar esta ventana.',
  'revealed.download': 'Guardar como archivo de texto',
  'revealed.file': 'mensaje',
  'revealed.clearAfter': 'Vaciar esta página',
  'revealed.clearLater': 'al salir de ella',
  'revealed.clearIn': '{minutes, plural, one {tras un minuto} other {tras # minutos}}',
  'revealed.cleared': 'El mensaje se ha quitado de esta página. No se puede mostrar otra vez.',
  'gone.title': 'Aquí no hay ningún mensaje',
  'gone.why':
    'Puede que ya se haya abierto, que su remitente lo haya borrado o que se haya acabado su tiempo. O el enlace no está completo: compruebe que lo tiene entero.',
  'gone.twice':
    'Si acaba de pulsar un botón dos veces, puede que la primera pulsación lo haya abierto y que su respuesta no le haya llegado.',
  'gone.ask':
    'Si no lo ha abierto usted, dígaselo a la persona que se lo envió y pídale un enlace nuevo.',
  'gone.write': 'Pedir un enlace nuevo por correo',
  'gone.subject': 'Envíeme un enlace nuevo, por favor',
  'gone.body':
    'El enlace a su mensaje no se abre, y no he leído el mensaje. Compruebe, por favor, si lo ha abierto otra persona y envíeme un enlace nuevo.',
  'private.title': 'De uso privado',
  'private.text':
    'Aquí no se escriben mensajes nuevos. Si alguien le ha enviado un enlace, se abre como siempre.',
  'private.typed': 'Lo que ha escrito, para copiar',
  'receipt.title': 'Recibo',
  'receipt.unopened': 'Aún no se ha abierto.',
  'receipt.received': 'Se ha abierto.',
  'receipt.burned': 'Se borró antes de que alguien lo abriera.',
  'receipt.expired': 'Se acabó su tiempo antes de que alguien lo abriera.',
  'receipt.orphaned': 'Ya no está, y no se abrió.',
  'receipt.passphraseSet': 'Solo se abre con su frase de acceso.',
  'receipt.created': 'Creado',
  'receipt.deletedAfter': 'Se borra después del',
  'receipt.opened': 'Abierto',
  'receipt.deleted': 'Borrado',
  'receipt.ended': 'Tiempo acabado',
  'receipt.looked': 'Consultado por programas',
  'receipt.looks': '{count, plural, one {una vez, la última} other {# veces, la última}}',
  'receipt.for': 'Para',
  'receipt.mailed': '{to} (por correo)',
  'receipt.attemptsLeft':
    'Se borra sin leer después {count, plural, =0 {del intento en curso, si es erróneo} one {de una frase errónea más} other {de # frases erróneas más}}.',
  'receipt.showValue': 'Mostrar una vez la contraseña generada',
  'receipt.burnTitle': '¿Ha cambiado de idea? Borrar el mensaje',
  'receipt.burnQuestion':
    '¿Borrarlo antes de que alguien lo abra? Su enlace ya no abrirá nada, y no se puede deshacer.',
  'receipt.confirm': 'Sí, borrarlo ahora',
  'receipt.unconfirmed': 'Todavía no se ha borrado nada. Marque la casilla y pulse el botón.',
  'receipt.stale':
    'Todavía no se ha borrado nada: esta página llevaba mucho tiempo abierta. Pulse el botón una vez más.',
  'receipt.burn': 'Borrar el mensaje ahora',
  'receipt.wrongPassphrase': 'Esa no es la frase de acceso. No se ha borrado nada.',
  'receipt.lastTry':
    'Esa no es la frase de acceso, y era el último intento: el mensaje está borrado.',
  'receipt.tooLate': 'Eso ya no es posible.',
  'receipt.tooManyTries':
    'Ha habido demasiados intentos con una frase errónea. No se ha borrado nada.',
  'receipt.busy': 'Hay demasiadas peticiones en este momento, y no se ha hecho nada.',
  'value.title': 'Contraseña generada',
  'value.label': 'Contraseña',
  'value.once': 'Cópiela ahora: no se vuelve a mostrar.',
  'value.back': 'Volver al recibo',
  'pressed.opened.title': 'Su pulsación ha abierto el mensaje',
  'pressed.opened.text':
    'El botón se ha pulsado dos veces, y la primera pulsación ha abierto el mensaje. Está en la otra respuesta: búsquela en sus otras pestañas y ventanas, y mantenga esa página abierta hasta que lo haya copiado.',
  'pressed.opened.otherwise':
    'No se puede mostrar una segunda vez. Si no lo encuentra, diga a la persona que se lo envió que se perdió por un doble clic y pídale un enlace nuevo.',
  'pressed.opened.back': 'Volver al enlace',
  'pressed.shown.title': 'Su pulsación ha mostrado la contraseña',
  'pressed.shown.text':
    'El botón se ha pulsado dos veces, y la primera pulsación ha mostrado la contraseña generada. Está en la otra respuesta: búsquela en sus otras pestañas y ventanas, y mantenga esa página abierta hasta que la haya copiado.',
  'pressed.shown.otherwise':
    'Aquí no se puede mostrar una segunda vez. El enlace aún la abre, una vez.',
  'pressed.begun.title': 'Su pulsación sigue en curso',
  'pressed.begun.text':
    'El botón se ha pulsado dos veces, y la primera pulsación aún no tiene respuesta. Si llega, está en su otra pestaña o ventana.',
  'pressed.begun.otherwise':
    'La página anterior muestra cómo están las cosas. Se puede cargar tantas veces como quiera.',
  'pressed.begun.back': 'Ver cómo están las cosas',
  'error.notFound.title': 'Página no encontrada',
  'error.notFound.text': 'No hay nada en esta dirección. Compruebe que la tiene entera.',
  'error.refused.title': 'Use la propia página',
  'error.refused.text':
    'Esto no venía de una página de este sitio, así que no se ha hecho nada. Abra el enlace otra vez y use su botón.',
  'error.notSignedIn.title': 'Sin autorización',
  'error.notSignedIn.text': 'Las credenciales enviadas no son válidas aquí.',
  'error.tooLarge.title': 'Demasiado grande',
  'error.tooLarge.text':
    'Es mucho más de lo que cabe en un mensaje, y no se ha guardado nada. Vuelva atrás para acortarlo: su navegador debería tener aún lo que ha escrito.',
  'error.tooSlow.title': 'Ha tardado demasiado',
  'error.tooSlow.text':
    'Su mensaje no ha llegado a tiempo, y no se ha guardado nada. Vuelva atrás e inténtelo de nuevo.',
  'error.badRequest.title': 'No ha funcionado',
  'error.badRequest.text':
    'No se ha podido entender la petición. Vuelva atrás e inténtelo de nuevo.',
  'error.unavailable.title': 'Inténtelo dentro de un momento',
  'error.unavailable.text': 'El servicio no responde en este momento. Su enlace sigue como está.',
  'error.tooMany.title': 'Demasiadas peticiones',
  'error.tooMany.text': 'Han llegado demasiadas peticiones de su red. No se ha hecho nada.',
  'error.unexpected.title': 'Algo ha salido mal',
  'error.unexpected.text': 'El fallo es nuestro y queda anotado. Inténtelo dentro de un momento.',
  'error.stale.title': 'Esta página es anterior a su inicio de sesión',
  'error.stale.text': 'No se ha hecho nada. Cargue la página de nuevo y pulse el botón otra vez.',
  'error.stale.kept': 'Todavía no se ha hecho nada. Ahora ha iniciado sesión como {email}.',
  'error.kept.text': 'Lo que envió sigue en esta página. Puede enviarlo de nuevo con este botón.',
  'error.kept.send': 'Enviarlo de nuevo',
  'error.gone.title': 'Terminado',
  'error.gone.text': 'Eso ya no es posible.',
  'error.backToMessage': 'Volver al mensaje',
  'error.retry': 'Intentar de nuevo',
  'unsubscribe.wantedTitle': '¿No recibir más estos correos?',
  'unsubscribe.refusedTitle': 'Ya no recibe estos correos',
  'unsubscribe.refuse': 'No enviarme más',
  'unsubscribe.want': 'Enviarlos de nuevo',
  'unsubscribe.notices.wanted':
    'Recibe avisos sobre su cuenta y sus dominios. Los códigos y otros correos que usted mismo solicita llegan en todo caso.',
  'unsubscribe.notices.refused':
    'Los avisos sobre su cuenta y sus dominios ya no se envían a su dirección.',
  'unsubscribe.links.wanted':
    'Quienes usan este servicio pueden hacer que se le envíen enlaces a sus mensajes.',
  'unsubscribe.links.refused':
    'Los enlaces a mensajes ya no se envían a su dirección, sea quien sea el remitente.',
};
