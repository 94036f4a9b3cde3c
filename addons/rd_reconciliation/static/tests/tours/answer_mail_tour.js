import { registry } from "@web/core/registry";
import { status } from "@rd_sales_admin/../tests/tours/status";

const open = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

/** What the clerk sees of a marked workbook that came back by mail. */
registry.category("web_tour.tours").add("rd_answer_mail_tour", {
    steps: () => [
        see("The statement is disputed", status("Disputed")),
        {
            content: "Go down to its history",
            trigger: ".o-mail-Chatter",
            run() {
                this.anchor.scrollIntoView();
            },
        },
        see("The mail is in its history", ".o-mail-Chatter .o-mail-Message:contains('Re: statement')"),
        see("With the workbook", ".o-mail-Chatter .o-mail-AttachmentContainer:contains('back.xlsx')"),
        see("And what came of it", ".o-mail-Chatter .o-mail-Message:contains('1 disputed')"),
        open("Open the answers", ".oe_stat_button:contains('Answers')"),
        see("Who answered what", ".o_data_row:contains('north_finance'):contains('Disputed')"),
        see("The agreed line too", ".o_data_row:contains('Confirmed')"),
        see("By the workbook", ".o_data_row:contains('workbook')"),
    ],
});
