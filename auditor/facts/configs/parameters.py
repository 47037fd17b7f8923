"""Names of hyperparameters, as people write them in configuration files."""

from __future__ import annotations

import re

_WORDS = """
    lr learning_rate base_lr init_lr initial_lr max_lr min_lr lr_rate lr_scheduler lr_decay learning_rate_scheduler
    scheduler gamma step_size warmup warmup_steps warmup_ratio warmup_epochs t_max eta_min
    batch_size bs train_batch_size val_batch_size eval_batch_size test_batch_size per_device_train_batch_size
    per_device_eval_batch_size minibatch_size accumulate_grad_batches gradient_accumulation_steps
    epochs epoch num_epochs n_epochs n_epoch max_epochs min_epochs num_train_epochs nb_epochs total_epochs
    max_steps num_steps train_steps n_steps iterations num_iterations n_iterations max_iter max_iterations
    optimizer optim optimizer_name momentum nesterov weight_decay wd betas beta beta1 beta2 beta_1 beta_2 epsilon l1 l2
    l2_reg l1_ratio reg_lambda regularization penalty gradient_clip_val grad_clip max_grad_norm clip_grad
    dropout dropout_rate dropout_p drop_rate dropout_prob p_dropout attention_dropout label_smoothing
    hidden hidden_dim hidden_dims hidden_size hidden_sizes hidden_units hidden_layers hidden_channels hidden_layer_size
    hidden_layer_sizes fc_dim fc_dims num_layers n_layers layers layer_sizes depth width embed_dim embedding_dim
    embedding_size latent_dim latent_size z_dim d_model num_heads n_heads nhead n_head num_filters n_filters filters
    kernel_size stride padding in_channels out_channels channels input_channels in_features out_features input_dim
    input_size output_dim output_size num_features n_features num_classes n_classes nb_classes num_labels activation
    activation_fn pooling batch_norm
    seed random_seed random_state manual_seed
    num_workers n_workers workers persistent_workers pin_memory shuffle
    patience early_stopping early_stopping_patience min_delta monitor
    loss loss_fn loss_function criterion
    val_split test_split train_split val_size test_size train_size val_ratio test_ratio train_ratio validation_split
    split_ratio val_fraction test_fraction n_folds num_folds k_folds n_splits cv subset_size sample_size num_samples
    n_samples
    image_size img_size img_height img_width image_height image_width crop_size resize resolution patch_size
    max_length max_len max_seq_length max_seq_len seq_len seq_length sequence_length context_length vocab_size
    max_features
    ngram_range min_df max_df window_size horizon
    n_estimators max_depth min_samples_leaf min_samples_split min_child_weight num_leaves subsample colsample_bytree
    boosting_type objective solver n_neighbors kernel alpha c
    model model_name model_type model_class model_id model_checkpoint architecture arch backbone encoder encoder_name
    pretrained pretrained_model pretrained_model_name pretrained_weights freeze freeze_backbone unfreeze_layers
    augmentation augmentations augment data_augmentation mixup temperature top_k top_p threshold
    precision accelerator devices strategy limit_train_batches log_every_n_steps check_val_every_n_epoch
    tokenizer tokenizer_name lora_r lora_alpha rank
"""
_GROUPS = """
    model models train training trainer optimizer optimizers optim data dataset datasets datamodule dataloader loader
    hyperparameters hyperparameter hyperparams hparams params parameters experiment experiments exp scheduler
    lr_scheduler loss network net architecture augmentation augmentations module lightning finetune fit
"""


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_FOLDED_WORDS = frozenset(_fold(word) for word in _WORDS.split())
_FOLDED_GROUPS = frozenset(_fold(word) for word in _GROUPS.split())


def is_hyperparameter(name: str) -> bool:
    """Whether `name` (`learning_rate`, `LR`, `batchSize`) is that of a hyperparameter, case and `_`, `-` aside."""
    return _fold(name) in _FOLDED_WORDS


def names_parameter_group(name: str) -> bool:
    """Whether a group of settings by this name (`model`, `training`) holds parameters of an experiment."""
    return _fold(name) in _FOLDED_GROUPS
