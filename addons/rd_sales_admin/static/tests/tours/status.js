/** Where a form says in which state its record is, on a screen of any width.
 *
 * At a desk the other states stand beside it, so their names prove nothing.
 */
export const status = (text) =>
    `.o_statusbar_status .o_arrow_button_current:contains('${text}'), ` +
    `.o_statusbar_status .dropdown-toggle.o_arrow_button:contains('${text}')`;
