import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";
import { postAct, readFile, unreadable } from "./portal_post";

/** A handover is accepted class by class; a line that is wrong is disputed. */
export class HandoverPage extends Interaction {
    static selector = ".rd_handover";
    dynamicContent = {
        ".rd_accept": { "t-on-click.withTarget": this.accept },
        ".rd_accept_all": { "t-on-click.withTarget": this.acceptAll },
        ".rd_scan_send": { "t-on-click.withTarget": this.sendScan },
        ".rd_dispute": { "t-on-click.withTarget": this.dispute },
        ".rd_withdraw": { "t-on-click.withTarget": this.withdraw },
    };

    accept(event, button) {
        return this.send(button, "accept", {
            kind: button.closest("[data-kind]").dataset.kind,
        });
    }

    acceptAll(event, button) {
        return this.send(button, "accept", {});
    }

    async sendScan(event, button) {
        const [file] = this.el.querySelector(".rd_scan_file").files;
        if (!file) {
            this.show(_t("Choose the scan or photograph of the stamped list first."));
            return;
        }
        const content = await this.waitFor(readFile(file));
        if (content === null) {
            this.show(unreadable());
            return;
        }
        await this.send(button, "scan", { file: content, file_name: file.name });
    }

    dispute(event, button) {
        const line = button.closest("[data-line]");
        const reason = line.querySelector(".rd_reason").value;
        return this.send(button, "dispute", { line: Number(line.dataset.line), reason });
    }

    withdraw(event, button) {
        const line = button.closest("[data-line]");
        return this.send(button, "withdraw", { line: Number(line.dataset.line) });
    }

    async send(button, decision, values) {
        const { url, revision, hash } = this.el.dataset;
        button.disabled = true;
        const answer = await postAct(this, url, {
            decision,
            revision: Number(revision),
            content_hash: hash,
            ...values,
        });
        if (!answer.error) {
            window.location.reload();
            return;
        }
        this.show(answer.error);
        button.disabled = false;
    }

    show(text) {
        const alert = this.el.querySelector(".rd_error");
        alert.textContent = text;
        alert.classList.remove("d-none");
        alert.scrollIntoView({ block: "center" });
    }
}

registry.category("public.interactions").add("rd_reconciliation.handover_page", HandoverPage);
